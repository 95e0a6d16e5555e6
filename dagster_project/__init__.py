"""同城：可信的区域一体化进展数据仓库 · a warehouse of integration progress.

Every figure keeps its wording, its interval and its source.
"""

import gc
import time

STARTED = time.time()  # what changes on disk from here on may not be the code that runs

# Every process of this project makes some million objects that live as long as it does, most of them while
# it imports libraries; Python would look through them again and again for what can be freed.
gc.set_threshold(100_000, 20, 50)
