"""``porth`` as the tests of a browser start it: the timed duties are done every ten seconds in place of every three.

Three portals run beside each other in ``make test``, and their duties alone took a seventh of the processor time.
"""

import sys

from portal.cli import serve
from portal.cli.main import main

DUTIES_EVERY_SECONDS = 10

if __name__ == "__main__":
    serve.DEMONSTRATION_SWEEP_SECONDS = DUTIES_EVERY_SECONDS
    sys.exit(main())
