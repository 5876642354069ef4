"""`python -m bot` is `palovahti`."""

import sys

from bot.cli import main

sys.exit(main())
