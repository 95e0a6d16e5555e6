"""The models on a Spark cluster: raw tables go there as Parquet, the tables that dbt makes come back.

Everything else, from the loader to the gates and the published file, is as ever.
"""
