"""After the answer: something missing, retention and legal hold, the figures."""
