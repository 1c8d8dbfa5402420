#include "app/arguments/listen_address.h"

#include <cstdlib>

/// What is accepted is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll::app::arguments;
    const auto address = parseListenAddress({reinterpret_cast<const char*>(data), size});
    if (!address.ok()) {
        return 0;
    }
    const auto again = parseListenAddress("[" + address->host + "]:" + std::to_string(address->port));
    if (address->host.empty() || !again.ok() || !(*again == *address)) {
        std::abort();
    }
    return 0;
}
