//! The contract of the service, on PostgreSQL: needs `PROTEACHER_TEST_POSTGRES_URL`, the address of a server on which the tests
//! may make databases. Without it these tests fail; they never pass unseen.

mod suite;

suite::every_test!(postgres, crate::suite::Kind::Postgres);
