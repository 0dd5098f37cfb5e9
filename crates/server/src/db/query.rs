//! A query that is put together from parts, where a list may be narrowed in many ways. Only texts of the program itself and
//! numbered places come into it; what a person sends is always a value.

use super::Arg;

/// A query with its values.
#[derive(Debug, Clone)]
pub struct Query {
    pub(super) sql: String,
    pub(super) args: Vec<Arg>,
}

impl Query {
    /// Begins a query.
    pub fn new(sql: &'static str) -> Self {
        Self { sql: sql.to_owned(), args: Vec::new() }
    }

    /// The query behind other words, such as those that ask a database how it would answer.
    #[must_use]
    pub fn behind(mut self, words: &'static str) -> Self {
        self.sql.insert_str(0, words);
        self
    }

    /// Goes on.
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// A value, at a place of its own.
    pub fn bind(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.args.len().to_string());
        self
    }

    /// ` AND COLUMN IN (…)`; nothing for no values.
    pub fn any_of<T: Into<Arg>>(&mut self, column: &'static str, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return self };
        self.push(" AND ").push(column).push(" IN (").bind(first);
        for value in values {
            self.push(", ").bind(value);
        }
        self.push(")")
    }
}
