//! The contract of the service, on SQLite. `contract_postgres` is the same on PostgreSQL.

mod suite;

suite::every_test!(sqlite, crate::suite::Kind::Sqlite);
