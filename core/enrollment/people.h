#pragma once

#include "core/base/secret_bytes.h"
#include "core/crypto/scrypt.h"
#include "core/enrollment/ids.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace enroll::enrollment {

/// What somebody is to the station.
enum class Role { Technician, Quality, Administrator };

/// The words of the file of people.
inline constexpr std::array kRoleWords{
    std::pair{std::string_view{"technician"}, Role::Technician},
    std::pair{std::string_view{"quality"}, Role::Quality},
    std::pair{std::string_view{"administrator"}, Role::Administrator},
};

constexpr std::string_view wordOf(Role role)
{
    return kRoleWords[static_cast<std::size_t>(role)].first;
}

/// What is kept of a secret: enough to know it again, and not to find it.
struct SecretHash {
    crypto::ScryptCost cost;
    Bytes salt; ///< kSaltSize bytes
    Bytes hash; ///< kHashSize bytes
    bool operator==(const SecretHash&) const = default;
};
inline constexpr std::size_t kSaltSize = 16;
inline constexpr std::size_t kHashSize = 32;

/// Somebody who may work at the station.
struct Person {
    OperatorId id;    ///< what runs carry as "operator": 1 to 64 characters
    std::string name; ///< as it is shown, such as "Ana M."
    Role role = Role::Technician;
    SecretHash badge;                   ///< of its code, as it is scanned
    std::optional<SecretHash> pin = {}; ///< asked for after the badge; none: the badge is enough
    bool operator==(const Person&) const = default;
};
using People = std::vector<Person>;

/// The hash of \p badge for somebody who joins \p people: by their salt and cost, so that one calculation finds whose a
/// badge is; by a salt of its own where there is nobody yet.
/// \par Errors   S-340. Blocks for a tenth of a second
Result<SecretHash> hashForBadge(const SecretBytes& badge, const People& people);

/// The one of \p people whose badge it is; none if it is nobody's. One calculation for each salt and cost among them.
/// \par Errors   S-340. Blocks for a tenth of a second and more; no GUI thread
Result<std::optional<Person>> whoseBadge(const SecretBytes& badge, const People& people);

} // namespace enroll::enrollment
