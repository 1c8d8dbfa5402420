#pragma once

#include "ui/sound/tones.h"

#include <QFile>
#include <QTemporaryDir>

#include <vector>

namespace enroll::test {

/// While it lives, what this process plays on the default device is kept, one sound behind the other.
class RecordedDevice {
public:
    RecordedDevice()
    {
        QFile rules(m_root.filePath(QStringLiteral("asound.conf")));
        if (!rules.open(QIODevice::WriteOnly)) {
            qFatal("cannot write a test file");
        }
        // A plain file would be begun anew with each sound.
        rules.write("pcm.!default { type file format raw file \"|cat >>" + QFile::encodeName(played()) +
                    "\" slave.pcm { type null } }\n");
        rules.close();
        qputenv("ALSA_CONFIG_PATH", QFile::encodeName(rules.fileName()));
    }
    ~RecordedDevice() { qunsetenv("ALSA_CONFIG_PATH"); }
    RecordedDevice(const RecordedDevice&) = delete;
    RecordedDevice& operator=(const RecordedDevice&) = delete;

    /// True if these sounds were heard since the device was made, whole, and nothing else.
    [[nodiscard]] bool heard(const std::vector<ui::sound::Sound>& sounds, int volume) const
    {
        return recorded() == samplesFor(sounds, volume);
    }
    /// True if these were heard first.
    [[nodiscard]] bool heardFirst(const std::vector<ui::sound::Sound>& sounds, int volume) const
    {
        return recorded().startsWith(samplesFor(sounds, volume));
    }
    [[nodiscard]] bool heardAny() const { return QFile(played()).size() > 0; }

private:
    static QByteArray samplesFor(const std::vector<ui::sound::Sound>& sounds, int volume)
    {
        QByteArray expected;
        for (const auto sound : sounds) {
            const auto samples = ui::sound::samplesOf(sound, volume);
            expected.append(reinterpret_cast<const char*>(samples.data()),
                            static_cast<qsizetype>(samples.size()) * qsizetype{sizeof samples.front()});
        }
        return expected;
    }
    [[nodiscard]] QByteArray recorded() const
    {
        QFile file(played());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QString played() const { return m_root.filePath(QStringLiteral("played.raw")); }

    QTemporaryDir m_root;
};

} // namespace enroll::test
