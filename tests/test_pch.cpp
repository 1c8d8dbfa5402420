// Nothing of its own: the object that the precompiled header of the tests belongs to.
