"""The compiler: a neutral workflow in, a Step Functions machine out. Knows no source system and no cloud SDK."""
