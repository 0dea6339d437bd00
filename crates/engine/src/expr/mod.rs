//! Text of a rule's condition comes in; a typed expression bound to slots, and its value with derivation, goes out.
