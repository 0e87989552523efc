"""Write the published JSON Schema of the register's file anew: ``python -m tests.tools.register_schema``."""

from portal.register.published_schema import SCHEMA, written_schema

if __name__ == "__main__":
    SCHEMA.write_text(written_schema(), encoding="utf-8")
