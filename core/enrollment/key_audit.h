#pragma once

#include "core/base/byte_arena.h"
#include "core/crypto/batch_gcd.h"
#include "core/crypto/public_key.h"
#include "core/crypto/weakness.h"
#include "core/enrollment/ids.h"

#include <deque>
#include <optional>

namespace enroll::enrollment {

struct AuditedDevice {
    RegistrationId registrationId;
    SerialNumber serialNumber;                              ///< empty if nobody knows it
    auto operator<=>(const AuditedDevice&) const = default; // NOLINT(modernize-use-nullptr): see error_code.h
};

/// One weakness, and the devices whose keys have it: one device, or all that share a prime or a key.
struct WeakKeyFinding {
    crypto::Weakness weakness = crypto::Weakness::Unusable;
    std::string detail; ///< English, one clause
    std::vector<AuditedDevice> devices;
    bool operator==(const WeakKeyFinding&) const = default;
};

struct KeyAuditReport {
    std::size_t entries = 0;  ///< entries looked at; a device may have several
    std::size_t rsaKeys = 0;  ///< different RSA moduli among them
    std::size_t eccKeys = 0;  ///< different ECC points
    std::size_t weakKeys = 0; ///< different keys in the findings
    std::vector<WeakKeyFinding> findings;
};

/// What an audit is doing, for its progress.
enum class AuditStage { EachKey, SharedFactors };
using KeyAuditProgress = std::function<void(AuditStage stage, std::size_t done, std::size_t total)>;

/// The weak keys of a plant: those that are weak by themselves, and those that other keys give away. Collect with add(),
/// then judge() once.
///
/// Memory: about 400 bytes for each RSA-2048 key added; while judging another 300 bytes a key, and what one block of keys
/// takes whatever their number (crypto::sharedFactors): about 1 GiB for a million keys.
class KeyAudit {
public:
    void add(const AuditedDevice& device, const crypto::PublicKey& key);

    [[nodiscard]] std::size_t entries() const noexcept { return m_entries.size(); }

    /// Looks at each key by itself, then for primes that several moduli share, then for keys with several registration
    /// ids or serial numbers: an id may be derived from its key, and be the same for two devices. The same key added twice
    /// with one id and one serial number, or none, is no weakness: a device may be tested again. A modulus with a small
    /// factor is not searched for shared ones.
    /// \par Errors   D-141, S-340
    [[nodiscard]] Result<KeyAuditReport> judge(const KeyAuditProgress& progress, const std::stop_token& stop) const;

private:
    /// A key and its device's names; the bytes lie in m_bytes.
    struct Entry {
        ByteView number; ///< modulus, or x and y
        std::string_view registrationId;
        std::string_view serialNumber;
        std::uint32_t exponent = 0;
        std::optional<crypto::EccCurve> curve = {}; ///< absent for RSA
    };
    /// Entries of one modulus or point, which stand together in a sorted list.
    using Group = std::span<const Entry* const>;
    class Judgement;

    [[nodiscard]] std::vector<const Entry*> sorted() const;
    static crypto::PublicKey keyOf(const Entry& entry);

    ByteArena m_bytes;
    std::deque<Entry> m_entries;
};

} // namespace enroll::enrollment
