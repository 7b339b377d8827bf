"""The pages of customers and their vehicles."""
