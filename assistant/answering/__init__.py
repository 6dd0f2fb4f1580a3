"""What kind of answer a question gets, how it is put together, and the record of it."""
