#include "ui/model/step_names.h"

#include <QCoreApplication>
#include <QLocale>

namespace enroll::ui {
namespace {

struct Steps {
    Q_DECLARE_TR_FUNCTIONS(AttestationStep)
};

} // namespace

using attestation::AttestationStep;

int shownStep(AttestationStep step)
{
    return step == AttestationStep::Connect ? 1 : static_cast<int>(step);
}

QString stepName(AttestationStep step)
{
    switch (step) {
    case AttestationStep::Connect:
    case AttestationStep::IdentifyTpm:
        return Steps::tr("Identify TPM");
    case AttestationStep::ReadEndorsementKey:
        return Steps::tr("Read endorsement key");
    case AttestationStep::VerifyEkCertificate:
        return Steps::tr("Check EK certificate");
    case AttestationStep::ProvisionStorageRootKey:
        return Steps::tr("Provide storage key");
    case AttestationStep::TestAttestation:
        return Steps::tr("Test attestation");
    case AttestationStep::CheckPolicy:
        return Steps::tr("Check policy");
    case AttestationStep::Record:
        return Steps::tr("Save record");
    }
    return {};
}

QString clockText(std::chrono::milliseconds elapsed)
{
    const auto seconds = elapsed.count() / 1000;
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString secondsText(std::chrono::milliseconds elapsed)
{
    if (elapsed < std::chrono::milliseconds{100}) {
        return Steps::tr("< %1 s").arg(QLocale().toString(0.1, 'f', 1));
    }
    const auto seconds = static_cast<double>(elapsed.count()) / 1000;
    return Steps::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
}

} // namespace enroll::ui
