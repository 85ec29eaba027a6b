//! API-server defaulting.
