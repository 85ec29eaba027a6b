//! DynamicResources: claims of devices. Only what it adds to messages is simulated (SCH-DRA-1).
//!
//! DIFFERENCE: device claims are not allocated; pods with `spec.resourceClaims` are scheduled as if they had none.

/// Its part of the PostFilter message for a pod without claims (SCH-MSG-5).
pub(crate) const NO_CLAIMS: &str = "no new claims to deallocate";

/// Its error when a plugin before it turned the pod down in PreFilter, so that it has no state (SCH-MSG-12).
pub(crate) const NO_STATE: &str = "not found";
