// The standard library alone: TcpStream with read and write time-outs, thread::sleep.
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY_S: f64 = 86400.0;

/// One reply's head and body. The base is "http://HOST:PORT/PATH".
fn exchange(base: &str, task: &str, token: &str, limit: Duration) -> std::io::Result<String> {
    let (host, path) = base["http://".len()..].split_once('/').unwrap();
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    let path = format!("/{path}/v1/video/generations/{task}");
    let head = format!("Host: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close");
    stream.write_all(format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n").as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

/// Unix time of "Mon, 15 Jan 2024 16:00:40 GMT".
fn unix_s(date: &str) -> f64 {
    let words: Vec<&str> = date.split([' ', ':']).collect();
    let number = |i: usize| words[i].parse::<i64>().unwrap();
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(words[2]).unwrap() as i64 / 3 + 1;
    // Days since 1970-01-01, with years that begin in March.
    let year = if month > 2 { number(3) } else { number(3) - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + number(1) - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
    days as f64 * DAY_S + (number(4) * 3600 + number(5) * 60 + number(6)) as f64
}

fn pause(reply: &str, interval: f64, mode: &str) -> Duration {
    let retry_after = reply.lines().find_map(|line| line.strip_prefix("Retry-After: "));
    if let ("date", Some(date)) = (mode, retry_after) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        return Duration::from_secs_f64((unix_s(date) - now).max(0.0));
    }
    Duration::from_secs_f64(if mode == "hasty" { interval - 0.05 } else { interval })
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let mode = words[5].as_str();
    let limit = Duration::from_secs(if mode == "timeout" { 2 } else { 60 });
    for _ in 0..50 {
        let reply = match exchange(&words[1], &words[2], &words[3], limit) {
            Ok(reply) => reply,
            Err(e) if e.kind() == ErrorKind::WouldBlock => String::new(),
            Err(e) => panic!("{e}"),
        };
        if reply.contains("\"status\": \"success\"") {
            return;
        }
        std::thread::sleep(pause(&reply, words[4].parse().unwrap(), mode));
    }
    std::process::exit(1);
}
