#include "core/enrollment/people.h"

#include "core/crypto/random.h"

#include <algorithm>

namespace enroll::enrollment {

Result<SecretHash> hashForBadge(const SecretBytes& badge, const People& people)
{
    SecretHash made;
    if (!people.empty()) {
        made = people.front().badge;
    } else {
        TRY_ASSIGN(made.salt, crypto::randomBytes(kSaltSize));
    }
    TRY_ASSIGN(made.hash, crypto::scrypt(badge.view(), made.salt, made.cost));
    return made;
}

Result<std::optional<Person>> whoseBadge(const SecretBytes& badge, const People& people)
{
    std::vector<SecretHash> made;
    for (const auto& person : people) {
        auto own = std::ranges::find_if(made, [&](const SecretHash& one) {
            return one.salt == person.badge.salt && one.cost == person.badge.cost;
        });
        if (own == made.end()) {
            TRY_ASSIGN(auto hash, crypto::scrypt(badge.view(), person.badge.salt, person.badge.cost));
            own = made.insert(made.end(), {person.badge.cost, person.badge.salt, std::move(hash)});
        }
        if (equalInConstantTime(own->hash, person.badge.hash)) {
            return std::optional{person};
        }
    }
    return std::optional<Person>{};
}

} // namespace enroll::enrollment
