#include "core/system/base_directories.h"

#include <array>
#include <cstdlib>

namespace enroll::system {

void forgetRelativeBaseDirectories() noexcept
{
    constexpr std::array kVariables{"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                                    "XDG_RUNTIME_DIR"};
    for (const auto* name : kVariables) {
        const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing else runs yet
        if (value != nullptr && *value != '/') {
            ::unsetenv(name); // NOLINT(concurrency-mt-unsafe)
        }
    }
}

} // namespace enroll::system
