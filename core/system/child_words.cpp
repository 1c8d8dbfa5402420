#include "core/system/child_words.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace enroll::system {
namespace {

constexpr std::size_t kAtOnce = 4096;
constexpr int kMostAtOnce = 32; ///< times that much, more than a pipe holds, however fast a child brings more

} // namespace

Result<ChildWords> ChildWords::create(std::size_t most)
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return makeError(StationCode::StationCannotReachPort, "no pipe for what a program says", "pipe2", Errno{errno});
    }
    Descriptor ownEnd{ends[0]};
    Descriptor childsEnd{ends[1]};
    if (::fcntl(ownEnd.fd(), F_SETFL, O_NONBLOCK) != 0) { // of this end alone
        return makeError(StationCode::StationCannotReachPort, "no pipe for what a program says", "fcntl", Errno{errno});
    }
    return ChildWords{std::move(ownEnd), std::move(childsEnd), most};
}

void ChildWords::take()
{
    std::array<char, kAtOnce> buffer{};
    for (int i = 0; i < kMostAtOnce && m_ownEnd.valid(); ++i) {
        const auto count = ::read(m_ownEnd.fd(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        if (count <= 0) {
            m_ownEnd = {};
            return;
        }
        m_came += static_cast<std::size_t>(count);
        m_kept.append(buffer.data(), static_cast<std::size_t>(count));
        m_kept.erase(0, m_kept.size() - std::min(m_kept.size(), m_most));
    }
}

std::string ChildWords::from(std::size_t offset) const
{
    const auto lost = m_came - m_kept.size();
    return m_kept.substr(std::min(offset - std::min(offset, lost), m_kept.size()));
}

} // namespace enroll::system
