//! How nodes find one another: known nodes, the three steps, the seed server.
