"""The people of a company: who orders, who authorises, who pays, who drives."""
