"""The pure planning engine: plain values in, plain values out."""
