"""`python -m transpilers.cli`: the command, by the interpreter at hand."""

from transpilers.cli.main import main

if __name__ == "__main__":
    main()
