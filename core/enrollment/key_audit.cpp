#include "core/enrollment/key_audit.h"

#include "core/base/cancellation.h"
#include "core/base/overloaded.h"
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
    Result<void> lookAtEachKey()
    {
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            TRY(requireNotCancelled(m_stop));
            TRY(lookAt(m_groups[i]));
            if ((i + 1) % kProgressEvery == 0 || i + 1 == m_groups.size()) {
                tell(AuditStage::EachKey, i + 1, m_groups.size());
            }
        }
        return {};
    }

    Result<void> lookAt(Group group)
    {
        const bool rsa = !group.front()->curve;
        ++(rsa ? m_report.rsaKeys : m_report.eccKeys);
        bool searched = rsa;
        std::set<std::uint32_t> exponents; // of one modulus; more than one is rare
        for (const auto* entry : group) {
            if (!exponents.insert(entry->exponent).second) {
                continue;
            }
            TRY_ASSIGN(auto found, crypto::weaknessesOf(keyOf(*entry)));
            for (auto& weakness : found) {
                searched = searched && weakness.weakness != Weakness::SmallFactor;
                // What is wrong with the modulus was said with its first exponent.
                if (exponents.size() == 1 || weakness.weakness == Weakness::UnusualExponent) {
                    report(weakness.weakness, subjectOf(weakness.weakness) + std::move(weakness.detail), {group});
                }
            }
        }
        if (searched) {
            m_moduli.push_back(group.front()->number);
            m_groupOfModulus.push_back(group);
        }
        return {};
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
            for (const auto* entry : group) {
                ids.insert(registrationKey(RegistrationId{std::string{entry->registrationId}}));
            }
            if (ids.size() > 1) {
                report(Weakness::RepeatedKey, "one key has " + std::to_string(ids.size()) + " registration ids",
                       {group});
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
