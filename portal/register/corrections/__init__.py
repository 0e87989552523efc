"""«Not me», «this is wrong»: corrections of the register that anybody may ask for, and their public answers."""
