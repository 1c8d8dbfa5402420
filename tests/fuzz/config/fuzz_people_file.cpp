#include "core/base/bytes.h"
#include "core/base/station_code.h"
#include "core/config/people_file.h"

#include <cstdlib>

/// People are refused with their place in the file, or they are written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto people = config::parsePeople(asText(std::as_bytes(std::span{data, size})), "p.toml");
    if (!people.ok()) {
        const auto& error = people.error();
        return error.code == StationCode::ConfigurationInvalid && error.what.starts_with("p.toml") ? 0
                                                                                                   : (std::abort(), 0);
    }
    const auto isWhole = [](const enrollment::SecretHash& hash) {
        return crypto::isAcceptable(hash.cost) && hash.salt.size() == enrollment::kSaltSize &&
               hash.hash.size() == enrollment::kHashSize;
    };
    for (const auto& person : *people) {
        if (person.id.empty() || person.name.empty() || !isWhole(person.badge) ||
            (person.pin && !isWhole(*person.pin))) {
            std::abort();
        }
    }
    const auto again = config::parsePeople(config::peopleText(*people), "p.toml");
    if (!again.ok() || !(*again == *people)) {
        std::abort();
    }
    return 0;
}
