#include "core/enrollment/key_audit.h"

#include "core/base/cancellation.h"
#include "core/base/overloaded.h"
#include "core/base/text.h"
#include "core/crypto/key_weaknesses.h"
#include "core/enrollment/registration_id.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

namespace enroll::enrollment {

using crypto::Weakness;

namespace {

/// Keys looked at between two calls of the progress: some seconds.
constexpr std::size_t kProgressEvery = 4096;
static_assert(kProgressEvery % crypto::kKeysTogether == 0);

std::size_t bitsOf(const Bytes& factor)
{
    return factor.empty()
               ? 0
               : factor.size() * 8 -
                     static_cast<std::size_t>(std::countl_zero(std::to_integer<std::uint8_t>(factor.front())));
}

} // namespace

void KeyAudit::add(const AuditedDevice& device, const crypto::PublicKey& key)
{
    Entry entry;
    std::visit(Overloaded{[&](const crypto::RsaPublicKey& rsa) {
                              entry.number = m_bytes.keep(rsa.modulus);
                              entry.exponent = rsa.exponent;
                          },
                          [&](const crypto::EccPublicKey& ecc) {
                              entry.number = m_bytes.keep(concat({ecc.x, ecc.y}));
                              entry.curve = ecc.curve;
                          }},
               key);
    entry.registrationId = m_bytes.keep(device.registrationId.text());
    entry.serialNumber = m_bytes.keep(device.serialNumber.text());
    m_entries.push_back(entry);
}

std::vector<const KeyAudit::Entry*> KeyAudit::sorted() const
{
    std::vector<const Entry*> entries;
    entries.reserve(m_entries.size());
    std::ranges::transform(m_entries, std::back_inserter(entries), [](const Entry& entry) { return &entry; });
    // Stable, so that devices are named in the order in which they were added.
    std::ranges::stable_sort(entries, [](const Entry* left, const Entry* right) {
        return std::ranges::lexicographical_compare(left->number, right->number);
    });
    return entries;
}

crypto::PublicKey KeyAudit::keyOf(const Entry& entry)
{
    if (!entry.curve) {
        return crypto::RsaPublicKey{toBytes(entry.number), entry.exponent};
    }
    const auto half = entry.number.size() / 2;
    return crypto::EccPublicKey{*entry.curve, toBytes(entry.number.first(half)), toBytes(entry.number.subspan(half))};
}

/// One run of judge(): the sorted entries in groups, and what is found about them.
class KeyAudit::Judgement {
public:
    Judgement(std::span<const Entry* const> entries, const KeyAuditProgress& progress, const std::stop_token& stop)
        : m_progress(progress), m_stop(stop)
    {
        m_report.entries = entries.size();
        while (!entries.empty()) {
            const auto end = std::ranges::find_if_not(
                entries, [&](const Entry* entry) { return equalBytes(entry->number, entries.front()->number); });
            const auto size = static_cast<std::size_t>(end - entries.begin());
            m_groups.push_back(entries.first(size));
            entries = entries.subspan(size);
        }
    }

    Result<KeyAuditReport> run()
    {
        TRY(lookAtEachKey());
        TRY(lookForSharedFactors());
        lookForRepeatedKeys();
        m_report.weakKeys = m_weak.size();
        return std::move(m_report);
    }

private:
    /// One key to look at. A modulus is looked at with each exponent that it comes with; more than one is rare.
    struct Look {
        Group group;
        bool first; ///< of its group
    };

    Result<void> lookAtEachKey()
    {
        const auto all = std::span{std::as_const(m_groups)};
        for (std::size_t i = 0; i < all.size(); i += crypto::kKeysTogether) {
            TRY(requireNotCancelled(m_stop));
            const auto block = all.subspan(i, std::min(crypto::kKeysTogether, all.size() - i));
            TRY(lookAt(block));
            const auto done = i + block.size();
            if (done % kProgressEvery == 0 || done == all.size()) {
                tell(AuditStage::EachKey, done, all.size());
            }
        }
        return {};
    }

    Result<void> lookAt(std::span<const Group> groups)
    {
        std::vector<Look> looks;
        std::vector<crypto::PublicKey> keys;
        for (const auto& group : groups) {
            std::set<std::uint32_t> exponents;
            for (const auto* entry : group) {
                if (exponents.insert(entry->exponent).second) {
                    looks.push_back({group, exponents.size() == 1});
                    keys.push_back(keyOf(*entry));
                }
            }
        }
        TRY_ASSIGN(auto found, crypto::weaknessesOf(keys));
        for (std::size_t i = 0; i < looks.size(); ++i) {
            take(looks[i], std::move(found[i]));
        }
        return {};
    }

    void take(const Look& look, std::vector<crypto::KeyWeakness> found)
    {
        const bool smallFactor =
            std::ranges::find(found, Weakness::SmallFactor, &crypto::KeyWeakness::weakness) != found.end();
        for (auto& weakness : found) {
            // What is wrong with the modulus was said with its first exponent.
            if (look.first || weakness.weakness == Weakness::UnusualExponent) {
                report(weakness.weakness, subjectOf(weakness.weakness) + std::move(weakness.detail), {look.group});
            }
        }
        if (!look.first) {
            return;
        }
        const bool rsa = !look.group.front()->curve;
        ++(rsa ? m_report.rsaKeys : m_report.eccKeys);
        if (rsa && !smallFactor) {
            m_moduli.push_back(look.group.front()->number);
            m_groupOfModulus.push_back(look.group);
        }
    }

    static std::string subjectOf(Weakness weakness)
    {
        return weakness == Weakness::UnusualExponent || weakness == Weakness::Unusable ? "the key " : "the modulus ";
    }

    Result<void> lookForSharedFactors()
    {
        const auto progress = [this](std::size_t done, std::size_t total) {
            tell(AuditStage::SharedFactors, done, total);
        };
        TRY_ASSIGN(const auto shared, crypto::sharedFactors(m_moduli, progress, m_stop));
        std::map<Bytes, std::vector<Group>> byFactor;
        for (const auto& row : shared) {
            byFactor[row.factor].push_back(m_groupOfModulus[row.index]);
        }
        for (const auto& [factor, groups] : byFactor) {
            report(Weakness::SharedFactor,
                   "a factor of " + std::to_string(bitsOf(factor)) + " bits is in the moduli of several keys", groups);
        }
        return {};
    }

    void lookForRepeatedKeys()
    {
        for (const auto& group : m_groups) {
            std::set<std::string> ids; // most keys have one
            std::set<std::string_view> serials;
            for (const auto* entry : group) {
                ids.insert(registrationKey(RegistrationId{std::string{entry->registrationId}}));
                if (!entry->serialNumber.empty()) {
                    serials.insert(entry->serialNumber);
                }
            }
            std::vector<std::string> several;
            for (const auto& [count, what] :
                 {std::pair{ids.size(), " registration ids"}, std::pair{serials.size(), " serial numbers"}}) {
                if (count > 1) {
                    several.push_back(std::to_string(count) + what);
                }
            }
            if (!several.empty()) {
                report(Weakness::RepeatedKey, "one key has " + joined(several, " and "), {group});
            }
        }
    }

    void report(Weakness weakness, std::string detail, const std::vector<Group>& groups)
    {
        WeakKeyFinding finding{weakness, std::move(detail), {}};
        std::set<AuditedDevice> named;
        for (const auto& group : groups) {
            m_weak.insert(group.front());
            for (const auto* entry : group) {
                AuditedDevice device{RegistrationId{std::string{entry->registrationId}},
                                     SerialNumber{std::string{entry->serialNumber}}};
                if (named.insert(device).second) {
                    finding.devices.push_back(std::move(device));
                }
            }
        }
        m_report.findings.push_back(std::move(finding));
    }

    void tell(AuditStage stage, std::size_t done, std::size_t total) const
    {
        if (m_progress) {
            m_progress(stage, done, total);
        }
    }

    const KeyAuditProgress& m_progress;
    const std::stop_token& m_stop;
    std::vector<Group> m_groups;
    std::vector<ByteView> m_moduli; ///< those that are searched for shared factors
    std::vector<Group> m_groupOfModulus;
    std::set<const Entry*> m_weak; ///< the first entry of each weak key
    KeyAuditReport m_report;
};

Result<KeyAuditReport> KeyAudit::judge(const KeyAuditProgress& progress, const std::stop_token& stop) const
{
    const auto entries = sorted();
    return Judgement{entries, progress, stop}.run();
}

} // namespace enroll::enrollment
