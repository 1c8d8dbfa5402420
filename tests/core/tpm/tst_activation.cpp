#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

// A challenge of which one part is altered, given to the TPM it was made for: what the station calls it, at which
// command, and that nothing is left loaded.

namespace enroll::test {
namespace {

using attestation::ActivationBlob;
using C = DeviceCode;
using Part = Bytes ActivationBlob::*;

struct PartRow {
    const char* name;
    Part part;
    const char* operation; ///< that refuses it where one bit of its last byte is turned over
};
constexpr std::array kParts{
    PartRow{"credential", &ActivationBlob::credentialBlob, "TPM2_ActivateCredential"},
    PartRow{"secret", &ActivationBlob::encryptedSecret, "TPM2_ActivateCredential"},
    PartRow{"duplicate", &ActivationBlob::duplicate, "TPM2_Import"},
    PartRow{"seed", &ActivationBlob::inSymSeed, "TPM2_Import"},
    PartRow{"public area", &ActivationBlob::idKeyPublic, "TPM2_Import"},
};

} // namespace

class tst_activation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAlteredPartIsRefusedByTheTpm_data() { rows(); }
    void anAlteredPartIsRefusedByTheTpm()
    {
        QFETCH(const int, row);
        const auto& part = kParts.at(static_cast<std::size_t>(row));
        const auto error = refusalOf([&part](ActivationBlob& blob) { (blob.*part.part).back() ^= std::byte{1}; });
        QCOMPARE(textOf(error.code), textOf(C::ActivationRefused));
        QCOMPARE(error.operation, std::string{part.operation});
    }

    /// These never reach the TPM: they are the service's fault.
    void aPartThatIsNoStructureIsTheServicesFault_data() { rows(); }
    void aPartThatIsNoStructureIsTheServicesFault()
    {
        QFETCH(const int, row);
        const auto part = kParts.at(static_cast<std::size_t>(row)).part;
        for (const auto& change : std::initializer_list<std::function<void(Bytes&)>>{
                 [](Bytes& bytes) { bytes.push_back(std::byte{0}); }, [](Bytes& bytes) { bytes.pop_back(); },
                 [](Bytes& bytes) { bytes.front() = std::byte{0xFF}; }, [](Bytes& bytes) { bytes.clear(); }}) {
            const auto error = refusalOf([&](ActivationBlob& blob) { change(blob.*part); });
            QCOMPARE(textOf(error.code), textOf(CloudCode::AnswerMalformed));
        }
    }

    void anotherDevicesPartIsRefused_data() { rows(); }
    void anotherDevicesPartIsRefused()
    {
        QFETCH(const int, row);
        const auto part = kParts.at(static_cast<std::size_t>(row)).part;
        // Made for the same keys as well, with other random values: only together do the parts fit.
        const auto error = refusalOf([&](ActivationBlob& blob) { blob.*part = challenge().blob.*part; });
        QCOMPARE(textOf(error.code), textOf(C::ActivationRefused));
    }

    void theWholeChallengeIsOpened()
    {
        open();
        const auto made = challenge();
        must(m_device->activate(made.blob));
        QCOMPARE(must(m_device->sign(asBytes("message"))).size(), std::size_t{32});
        must(m_device->release());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

private:
    static void rows()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(kParts); ++row) {
            QTest::newRow(kParts.at(static_cast<std::size_t>(row)).name) << row;
        }
    }

    void open()
    {
        m_device = tpmAt(m_tpm.address());
        must(m_device->connect());
        m_endorsementKey = must(attestation::parsePublic(must(m_device->readEndorsementKey({})).publicArea));
        m_storageRootKey = must(attestation::parsePublic(must(m_device->provideStorageRootKey())));
    }
    [[nodiscard]] attestation::ActivationChallenge challenge() const
    {
        return must(attestation::makeActivationChallenge(m_endorsementKey, m_storageRootKey));
    }

    /// The error of a run whose challenge was changed; the end of the program if it was taken, or left something loaded.
    Error refusalOf(const std::function<void(ActivationBlob&)>& change)
    {
        open();
        auto blob = challenge().blob;
        change(blob);
        auto activated = m_device->activate(blob);
        must(m_device->release());
        m_device.reset();
        if (activated.ok() || !m_tpm.loadedHandles().empty()) {
            qFatal("an altered challenge was opened, or something stayed loaded: %s", m_tpm.loadedHandles().c_str());
        }
        return std::move(activated).error();
    }

    const SwtpmFixture m_tpm;
    std::unique_ptr<attestation::DeviceTpm> m_device;
    attestation::PublicArea m_endorsementKey;
    attestation::PublicArea m_storageRootKey;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_activation)
#include "tst_activation.moc"
