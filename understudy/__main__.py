"""`python -m understudy`."""

import sys

from understudy.command_line import main

sys.exit(main())
