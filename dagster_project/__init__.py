"""tongcheng: seeds of integration progress, loaded, modelled, gated and published."""
