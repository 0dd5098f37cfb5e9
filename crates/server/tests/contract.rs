//! The contract of the service, on SQLite. `contract_postgres` is the same on PostgreSQL.

#[cfg(test)]
mod suite;

suite::every_test!(sqlite);
