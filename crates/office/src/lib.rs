//! Office files come in as bytes under budgets; parts, tokens with byte offsets and rewritten packages go out.
//!
//! Knows nothing of money or of forms.
