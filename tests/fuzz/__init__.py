"""Every address, method and role with forms that somebody has spoilt: nothing may break."""
