"""PostgreSQL as every room uses it: pools, migrations, and who may stand between."""
