"""The bundle: the folder in which compile time and run time meet."""

from core_compiler.bundle.write import MACHINE, MANIFEST, can_replace, files_of, write_bundle

__all__ = ["MACHINE", "MANIFEST", "can_replace", "files_of", "write_bundle"]
