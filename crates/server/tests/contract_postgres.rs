//! The contract of the service, on PostgreSQL: needs `PROTEACHER_TEST_POSTGRES_URL`, the address of a server on which the tests
//! may make databases. Without it these tests fail; they never pass unseen.

#[cfg(test)]
mod suite;

suite::every_test!(postgres);
