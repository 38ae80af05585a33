"""`python -m iscg_rules` is `iscg-rules`."""

import sys

from iscg_rules.cli import main

sys.exit(main())
