"""`fieldhand`, or `python -m bot`. The desk itself loads nothing that only the other commands need, and starts sooner."""

import gc
import sys

gc.disable()  # what is imported is no garbage: looking for some in it, again and again, takes a third of the start

if sys.argv[1:] == ["run"]:
    from bot.running import main
else:
    from bot.commands import main

gc.freeze()  # nor does anybody look through it later on
gc.enable()

if __name__ == "__main__":
    main()
