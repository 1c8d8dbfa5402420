#pragma once

#include "core/base/bytes.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <random>

namespace enroll::test {

/// How bad a line is, in parts of a million: of its bytes, and of what is sent as one.
struct LineFaults {
    unsigned lostBytes = 0;
    unsigned doubledBytes = 0;
    unsigned turnedBytes = 0; ///< one bit of them
    unsigned addedBytes = 0;  ///< in front of them
    unsigned lostFrames = 0;
    unsigned doubledFrames = 0;
    unsigned textBefore = 0;
    unsigned textWithin = 0;
};

/// One direction of a serial line of 115,200 baud, in a time of the test's own: what is sent comes byte by byte, in order, and
/// damaged as the faults say. The same seed gives the same line.
class SimulatedLine {
public:
    using Time = std::chrono::steady_clock::time_point;

    SimulatedLine(LineFaults faults, std::uint64_t seed) : m_faults(faults), m_random(seed) {}

    void send(ByteView bytes, Time now)
    {
        if (bytes.empty() || happens(m_faults.lostFrames)) {
            return;
        }
        if (happens(m_faults.textBefore)) {
            put(asBytes("\r\n[   12.345678] usb 1-1: USB disconnect, device number 3\r\n"), now);
        }
        damage(bytes, now);
        if (happens(m_faults.doubledFrames)) {
            damage(bytes, now);
        }
    }

    /// When the reader is woken next: some bytes come together. Absent: nothing is on the way.
    [[nodiscard]] std::optional<Time> next() const
    {
        constexpr std::size_t kTogether = 16;
        return m_bytes.empty() ? std::nullopt : std::optional{m_bytes[std::min(kTogether, m_bytes.size()) - 1].second};
    }

    /// What came until \p now.
    Bytes arrived(Time now)
    {
        Bytes bytes;
        while (!m_bytes.empty() && m_bytes.front().second <= now) {
            bytes.push_back(m_bytes.front().first);
            m_bytes.pop_front();
        }
        return bytes;
    }

    /// How often it damaged something so far.
    [[nodiscard]] std::size_t damages() const { return m_damages; }

private:
    bool happens(unsigned ofAMillion)
    {
        const bool does = m_random() % 1'000'000 < ofAMillion;
        m_damages += does ? 1 : 0;
        return does;
    }

    void damage(ByteView bytes, Time now)
    {
        const auto textAt = happens(m_faults.textWithin) ? m_random() % bytes.size() : bytes.size();
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            if (at == textAt) {
                put(asBytes("<6>[   12.345678] random: crng init done\r\n"), now);
            }
            if (happens(m_faults.addedBytes)) {
                put(Bytes{static_cast<std::byte>(m_random() & 0xFFU)}, now);
            }
            if (happens(m_faults.lostBytes)) {
                continue;
            }
            auto byte = bytes[at];
            if (happens(m_faults.turnedBytes)) {
                byte ^= std::byte{1} << (m_random() % 8);
            }
            put(Bytes(happens(m_faults.doubledBytes) ? 2 : 1, byte), now);
        }
    }

    void put(ByteView bytes, Time now)
    {
        constexpr std::chrono::microseconds kOfByte{87};
        for (const auto byte : bytes) {
            m_free = std::max(m_free, now) + kOfByte;
            m_bytes.emplace_back(byte, m_free);
        }
    }

    LineFaults m_faults;
    std::mt19937_64 m_random;
    std::size_t m_damages = 0;
    std::deque<std::pair<std::byte, Time>> m_bytes; ///< each with when it comes
    Time m_free{};                                  ///< when the line has sent all of it
};

} // namespace enroll::test
