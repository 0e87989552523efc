/** The few ways in which sealing and opening fail. None of them says why, except the slips of somebody who types ten words. */

/** The one failure of everything that opens or checks: it carries no reason, no input, no position. */
export class CannotOpen extends Error {
  constructor() {
    super("cannot open");
    this.name = "CannotOpen";
  }
}

/** What somebody typed is not a code. `positions` (1 to 10) are set when `reason` is `words`. */
export class Mistyped extends Error {
  /** @param {"length" | "count" | "words" | "check"} reason @param {number[]} [positions] */
  constructor(reason, positions = []) {
    super("mistyped");
    this.name = "Mistyped";
    this.reason = reason;
    this.positions = positions;
  }
}

/** What is to be sealed does not fit its class: a text with many files beside it, or a file over 64 MiB. */
export class TooLong extends Error {
  constructor() {
    super("too long");
    this.name = "TooLong";
  }
}

/** The thread has moved on: what was sealed for its earlier epoch has to be sealed again. */
export class Stale extends Error {
  constructor() {
    super("stale");
    this.name = "Stale";
  }
}

/** What was sent may have arrived: no answer came. */
export class Unsure extends Error {
  constructor() {
    super("unsure");
    this.name = "Unsure";
  }
}

/** The server has too much to do at the moment: nothing was done, and later it may be. */
export class Busy extends Error {
  constructor() {
    super("busy");
    this.name = "Busy";
  }
}

/** The worker is gone, and every key with it. */
export class Ended extends Error {
  constructor() {
    super("ended");
    this.name = "Ended";
  }
}
