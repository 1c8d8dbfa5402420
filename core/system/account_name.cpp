#include "core/system/account_name.h"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace enroll::system {

std::string nameOfAccount(uid_t account)
{
    constexpr std::size_t kRoom = 16384; // more than getconf GETPW_R_SIZE_MAX
    std::vector<char> room(kRoom);
    passwd entry{};
    passwd* found = nullptr;
    const bool known = ::getpwuid_r(account, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
    return known && *found->pw_name != '\0' ? std::string{found->pw_name} : "account " + std::to_string(account);
}

std::string accountName()
{
    auto name = nameOfAccount(::getuid());
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets it while the program runs
    const char* before = std::getenv("SUDO_USER");
    return before != nullptr && *before != '\0' && before != name ? std::string{before} + " as " + name : name;
}

} // namespace enroll::system
