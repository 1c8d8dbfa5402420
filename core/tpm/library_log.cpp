#include "core/tpm/library_log.h"

#include <cstdlib>

namespace enroll::tpm {

void silenceLibraryLog() noexcept
{
    ::setenv("TSS2_LOG", "all+none", 0); // NOLINT(concurrency-mt-unsafe): no other thread runs yet
}

} // namespace enroll::tpm
