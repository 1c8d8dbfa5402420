// A write-ahead log beside a database, as a crash or a failing disk left it. Damage is named by frames that are in the log,
// and none is found in what a shorter read of it says is its end.

#include "db/sqlite/log_damage.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto log = std::as_bytes(std::span{data, size});
    const auto read = [log](std::uint64_t offset, std::span<std::byte> into) -> Result<std::size_t> {
        const auto rest = log.subspan(std::min<std::size_t>(offset, log.size()));
        const auto count = std::min(rest.size(), into.size());
        std::ranges::copy(rest.first(count), into.begin());
        return count;
    };
    const auto damage = db::sqlite::findLogDamage(
        read, [&] { return Result<db::sqlite::ReadFile>{read}; }); // a database of any bytes, too
    if (!damage.ok()) {
        std::abort();
    }
    constexpr std::size_t kSmallestFrame = 24 + 512;
    if (*damage && ((*damage)->frame > (*damage)->committedIn || (*damage)->committedIn == 0 ||
                    (*damage)->committedIn * kSmallestFrame > size)) {
        std::abort();
    }
    return 0;
}
