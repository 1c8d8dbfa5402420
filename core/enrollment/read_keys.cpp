#include "core/enrollment/read_keys.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

constexpr std::size_t kMost = 10'000; // of a long shift, in a megabyte or two

} // namespace

std::optional<SerialNumber> ReadKeys::read(const Bytes& fingerprint, const SerialNumber& serial)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_readers.find(fingerprint);
    if (known == m_readers.end()) {
        makeRoom();
        m_readers.emplace(fingerprint, Reader{serial, {}, ++m_reads});
        return std::nullopt;
    }
    auto& reader = known->second;
    reader.order = ++m_reads;
    if (reader.serial == serial || reader.second == serial) {
        reader = {serial, {}, reader.order};
        return std::nullopt;
    }
    reader.second = serial;
    return reader.serial;
}

void ReadKeys::passed(const Bytes& fingerprint)
{
    const std::lock_guard lock(m_mutex);
    m_readers.erase(fingerprint);
}

void ReadKeys::makeRoom()
{
    if (m_readers.size() < kMost) {
        return;
    }
    const auto oldest = std::ranges::min_element(m_readers, {}, [](const auto& entry) { return entry.second.order; });
    m_readers.erase(oldest);
}

} // namespace enroll::enrollment
