-- Nothing asks which signature of a witness is the first over so many entries: each is found by its number.
drop index record.cosignature_size;
