#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jiheng_fuzz::tokens(bytes));
