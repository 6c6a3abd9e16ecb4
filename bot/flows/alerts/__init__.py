"""Work that follows alerts: grouping, relating groups to incidents, holding back, the nightly replay."""
