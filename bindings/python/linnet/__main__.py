# SPDX-License-Identifier: MIT
from linnet.cli import main

raise SystemExit(main())
