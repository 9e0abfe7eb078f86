# What packaging/build makes, installed into an empty place far from the sources and used as a stranger would:  packages.sh CLAIM
. "$(dirname "$0")/../e2e/lib.sh"
: "${SOURCE:?the source folder}" "${BUILD:?the build folder}"
packages=$BUILD/packaging/packages
export SOURCE_DATE_EPOCH=1700000000
need() { command -v "$1" >/dev/null || { echo "skipped: no $1"; exit 77; }; }

# does CLAIM COMMAND...: what it prints is shown when it fails
does() {
    local claim=$1
    shift
    "$@" >"$scratch/said" 2>&1 && { echo "ok - $claim"; return; }
    echo "not ok - $claim"
    sed 's/^/#   /' "$scratch/said"
    failures=$((failures + 1))
    return 1
}

# In a folder with nothing in it, with nothing set: the mock and the harness as in the README. RUN is what stands before them.
first_example() { # NAME ROOT RUN...
    local name=$1 root=$2
    shift 2
    mkdir -p "$scratch/empty" && cd "$scratch/empty" || exit 1
    like "$name: its own fixtures are found" "$("$@" harness where 2>&1)" "$root/*installed with it *taken*"
    "$@" mockserver --listen 127.0.0.1:0 --port-file "$scratch/port" >"$scratch/ready" 2>&1 &
    local mock=$!
    pids+=("$mock")
    until [ -s "$scratch/port" ] || ! kill -0 "$mock" 2>/dev/null; do :; done
    url=http://127.0.0.1:$(cat "$scratch/port")
    is "$name: the mock answers" "$(get "${bearer[@]}" "$url/video:failure/v1/video/generations/my-1")" \
        '{"task_id":"my-1","status":"queued"}'
    is "$name: it is well" "$("$@" mockserver healthcheck --listen "${url#http://}" 2>&1; echo $?)" 0
    is "$name: taskpoll reads it" "$("$@" taskpoll video --base-url "$url/video" --task t --token t --interval 1ms 2>&1 | tail -n 1)" \
        https://example.com/video.mp4
    kill "$mock"; wait "$mock"
    is "$name: the mock ends well when it is told to" "$?" 0
    rm "$scratch/port"
    like "$name: a client is judged" "$("$@" harness run video:success -- \
        curl -s -H 'Authorization: Bearer {token}' '{base_url}/v1/video/generations/{task_id}' 2>&1; echo $?)" \
        $'video\n  FAIL *rule      outcome (REQUIRED): it stopped after poll 1*fix *0 passed, 1 failed*\n1'
}
clean() { clean=(env -i PATH="$1:/usr/bin:/bin"); }

# -- The claims -------------------------------------------------------------------------------------------------------

packages_are_made() {
    need dpkg-shlibdeps
    rm -rf "$packages"
    does "they are made" "$SOURCE/packaging/build" "$BUILD" "$packages"
    is "six of them" "$(cd "$packages" && ls | sed 's/[0-9]\.[0-9]\.[0-9]/V/' | paste -sd' ')" \
        "libunderstudy-client-dev-V-linux-$machine.tar.gz libunderstudy-client-dev_V_$arch.deb understudy-V-linux-$machine.tar.gz understudy-polls-cli-V.tgz understudy-polls-linux-$machine-V.tgz understudy_V_$arch.deb"
}

the_same_build_packed_again_is_the_same_bytes() {
    find "$BUILD/bin" "$BUILD/packaging/completions" -type f -exec touch {} +
    umask 077
    does "packed again" "$SOURCE/packaging/build" "$BUILD" "$scratch/again"
    is "the same bytes" "$(cd "$scratch/again" && sha256sum ./*)" "$(cd "$packages" && sha256sum ./*)"
}

a_debian_package_is_enough() {
    need dpkg
    local root=$scratch/root deb
    mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" && touch "$root/var/lib/dpkg/status"
    # There is no shell in there, and nothing of what they depend on.
    local dpkg=(dpkg --root="$root" --force-depends --force-not-root --force-script-chrootless)
    does "it installs" "${dpkg[@]}" -i "$packages"/understudy_*.deb
    root=$(realpath "$root")
    is "programs and no library" "$(cd "$root/usr" && ls bin; ls -d "$root/usr/include" "$root/usr/lib" 2>/dev/null)" \
        $'harness\nmockserver\ntaskpoll'
    for file in man/man1/harness.1 bash-completion/completions/harness zsh/vendor-completions/_harness \
        fish/vendor_completions.d/harness.fish doc/understudy/copyright; do
        does "it brings $file" test -s "$root/usr/share/$file"
    done
    like "what it depends on is what the programs load" "$(dpkg-deb -f "$packages"/understudy_*.deb Depends)" \
        "*libcurl4 *libpcre2-8-0 *libssl3 *"
    clean "$root/usr/bin"
    first_example "the Debian package" "$root" "${clean[@]}"
    does "the library's package installs beside it" "${dpkg[@]}" -i \
        "$packages"/libunderstudy-client-dev_*.deb
    does "with its header" test -s "$root/usr/include/understudy/client.h"
    does "and goes again" "${dpkg[@]}" --purge understudy libunderstudy-client-dev
    is "without a trace" "$(find "$root/usr" -type f 2>/dev/null)" ""
}

an_archive_runs_wherever_it_lies() {
    mkdir "$scratch/first"
    does "it unpacks" tar -xzf "$packages"/understudy-*-linux-*.tar.gz -C "$scratch/first"
    is "into one folder" "$(cd "$scratch/first" && echo *)" "$(cd "$packages" && basename -s .tar.gz understudy-*-linux-*.tar.gz)"
    mv "$scratch/first"/* "$scratch/moved here"
    clean "$scratch/moved here/bin"
    first_example "the archive, moved" "$(realpath "$scratch")/moved here" "${clean[@]}"
    ln -s "$scratch/moved here/bin/harness" "$scratch/harness"
    like "and through a link" "$(cd "$scratch/empty" && "$scratch/harness" where)" "$(realpath "$scratch")/moved here/share/*"
}

npm_packages_are_enough() {
    need npm
    export HOME=$scratch/home npm_config_cache=$scratch/cache npm_config_update_notifier=false
    mkdir "$scratch/project" "$HOME" && cd "$scratch/project" || exit 1
    printf '{"name": "mine", "private": true}\n' >package.json
    does "they install, and nothing is asked of a registry" npm install --offline --no-audit --no-fund \
        "$packages"/understudy-polls-cli-*.tgz "$packages"/understudy-polls-linux-*.tgz
    is "nothing runs when they are installed" "$(jq -c '[.scripts, .hasInstallScript]' node_modules/@understudy-polls/*/package.json | sort -u)" \
        '[null,null]'
    like "npx runs it" "$(npx --no-install harness run video:success -- true 2>&1; echo $?)" $'video\n*1 unclear*\n1'
    first_example npm "$(realpath "$scratch")/project/node_modules/@understudy-polls" \
        env PATH="$scratch/project/node_modules/.bin:$PATH"
    cd "$scratch/project" && rm -rf node_modules/@understudy-polls/linux-*
    like "without the package for this machine the error names it" "$(npx --no-install harness where 2>&1; echo $?)" \
        $'harness: the package @understudy-polls/linux-'"$machine"$' is not installed*\n3'
}

# There is no daemon here: what the image does is done by hand, as its user, with its variables.
the_image_does_what_its_file_says() {
    local file=$SOURCE/packaging/Dockerfile root=$scratch/root user last
    need setpriv
    last=$(sed -n '/^FROM/h; /^FROM/!H; ${x; p}' "$file")
    user=$(sed -n 's/^USER //p' <<<"$last")
    like "it is not root's" "$user" "[1-9]*:[1-9]*"
    is "every script it runs is there" "$(sed -n 's/^RUN \(.* \)\{0,1\}\(\(ci\|packaging\)\/[a-z]*\).*/\2/p' "$file" |
        while read -r script; do [ -x "$SOURCE/$script" ] || echo "$script"; done)" ""
    is "HEALTHCHECK is our own" "$(sed -n 's/^HEALTHCHECK .*CMD //p' <<<"$last" | jq -r 'join(" ")')" "mockserver healthcheck"
    is "ENTRYPOINT is the mock" "$(sed -n 's/^ENTRYPOINT //p' <<<"$last" | jq -r 'join(" ")')" mockserver
    is "what it exposes is where it listens" "$(sed -n 's/^EXPOSE //p' <<<"$last")" \
        "$(sed -n 's/^ENV UNDERSTUDY_LISTEN=.*://p' <<<"$last")"
    [ "$(id -u)" = 0 ] || { echo "not run: as its user: not root"; return; }
    chmod 755 "$scratch"
    mkdir "$root" && dpkg-deb -x "$packages"/understudy_*.deb "$root"
    in_it() { cd / && exec env -i PATH="$root/usr/bin:/usr/bin:/bin" UNDERSTUDY_LISTEN="127.0.0.1:$port" \
        setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups "$@"; }
    port=0
    exec 9< <(in_it mockserver)
    pids+=("$!")
    IFS= read -r -u 9 ready
    like "the mock starts as its user" "$ready" "listening on http://127.0.0.1:*"
    port=${ready##*:}
    is "the health check sees it" "$( (in_it mockserver healthcheck) 2>&1; echo $?)" 0
    is "and it is that user's" "$(stat -c %u "/proc/${pids[-1]}")" "${user%:*}"
}

wrong_usage_is_told() {
    local script
    for script in packaging/build packaging/npm/build packaging/completions.sh; do
        like "$script says how it is used" "$("$SOURCE/$script" "$scratch" 2>&1; echo "$?")" "*$script*Exit codes: *"$'\n2'
    done
    like "packing needs a time" "$(cd "$scratch" && env -u SOURCE_DATE_EPOCH cmake -P "$SOURCE/packaging/times.cmake" 2>&1)" \
        "*SOURCE_DATE_EPOCH is not set*"
}

compose_and_dockerfile_are_in_form() {
    need yamllint
    does "compose.yaml is YAML in form" yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 130}}}' \
        "$SOURCE/packaging/compose.yaml"
    if docker compose version >/dev/null 2>&1; then
        does "docker compose reads it" docker compose -f "$SOURCE/packaging/compose.yaml" config --quiet
    else
        echo "not run: docker compose reads it: no docker compose"
    fi
    if command -v hadolint >/dev/null; then
        does "hadolint passes the Dockerfile" hadolint --ignore DL3008 "$SOURCE/packaging/Dockerfile"
    else
        echo "not run: hadolint passes the Dockerfile: no hadolint"
    fi
    is "every instruction is one of Docker's" "$(sed -e ':a; /\\$/{N; s/\\\n//; ba}' "$SOURCE/packaging/Dockerfile" |
        grep -vE '^(#|$|(FROM|WORKDIR|COPY|RUN|ENV|EXPOSE|USER|HEALTHCHECK|ENTRYPOINT) )')" ""
}

# Two builds of the sources in two places: minutes.
two_builds_are_the_same_bytes() {
    need git
    local place
    for place in one another/place; do
        mkdir -p "$scratch/$place/build"
        git -C "$SOURCE" ls-files -z --cached --others --exclude-standard |
            tar -C "$SOURCE" -c --null --ignore-failed-read -T - | tar -x -C "$scratch/$place"
        cp -r "$SOURCE/build/thirdparty" "$scratch/$place/build/"
    done
    for place in one another/place; do
        (cd "$scratch/$place" && cmake --preset release && cmake --build --preset release &&
            packaging/build build/release "$scratch/made/$place") >"$scratch/said" 2>&1 ||
            { tail -5 "$scratch/said"; failures=1; exit 1; }
    done
    is "the same bytes" "$(cd "$scratch/made/one" && sha256sum ./*.*)" "$(cd "$scratch/made/another/place" && sha256sum ./*.*)"
    is "which name no folder of this machine" "$(mkdir "$scratch/look" && tar -xzf "$scratch"/made/one/understudy-*-linux-*.tar.gz -C "$scratch/look" &&
        grep -rlF -e "$scratch" -e "$SOURCE" "$scratch/look")" ""
}

arch=$(dpkg --print-architecture 2>/dev/null)
machine=$(case $(uname -m) in x86_64) echo x64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)
"$1"
