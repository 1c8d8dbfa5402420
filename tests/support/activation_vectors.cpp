#include "tests/support/activation_vectors.h"

#include "tests/support/must.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace enroll::test {

ActivationVectors::ActivationVectors()
{
    QFile file{QStringLiteral(ENROLL_TEST_DATA "/activation-vectors.json")};
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("tests/data/activation-vectors.json is missing");
    }
    m_json = file.readAll().toStdString();
}

std::string ActivationVectors::text(const std::string& path) const
{
    QJsonValue value = QJsonDocument::fromJson(QByteArray::fromStdString(m_json)).object();
    const auto parts = QString::fromStdString(path).split(QLatin1Char('.'));
    for (const auto& part : parts) {
        value = value.toObject().value(part);
    }
    if (!value.isString()) {
        qFatal("activation-vectors.json has no '%s'", path.c_str());
    }
    return value.toString().toStdString();
}

Bytes ActivationVectors::bytes(const std::string& path) const
{
    return must(fromHex(text(path)));
}

DeviceKeys ActivationVectors::keys() const
{
    return {{text("ekPrivatePem"), must(attestation::parsePublic(bytes("ekTpm2bPublic")))},
            {text("srkPrivatePem"), must(attestation::parsePublic(bytes("srkTpm2bPublic")))}};
}

attestation::ActivationSeeds ActivationVectors::seeds() const
{
    attestation::ActivationSeeds seeds;
    seeds.innerKey = SecretBytes{bytes("credential.secret_innerKey")};
    seeds.idKey = SecretBytes{bytes("object.idKey")};
    seeds.objectSeed = SecretBytes{bytes("object.seedValue")};
    seeds.credentialSeed = SecretBytes{bytes("credential.seed")};
    seeds.duplicationSeed = SecretBytes{bytes("duplication.seed")};
    return seeds;
}

} // namespace enroll::test
