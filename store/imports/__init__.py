"""The mapping files that come with Throughline: how known sources say what we say."""
