#!/bin/sh
# A child for tests: answers every message, but misbehaves once, in the way $1, in step $2.
kind=$1
step=$2

answer() {
  printf '\n{"action":"status","responseFor":"%s"}\n' "$1"
}

reach() {
  if [ "$1" != "$step" ]; then
    answer "$1"
    return
  fi
  case $kind in
    killed) kill -9 $$ ;;
    exits) exit 3 ;;
    hung) exec sleep 600 ;;
    garbage)
      echo 'this is no message'
      echo '{"action":"sta'
      answer "$1"
      ;;
    babbling)
      i=0
      while [ $i -lt 4000 ]; do
        echo "a line of sixty characters that nobody has asked for, number $i"
        i=$((i + 1))
      done
      answer "$1"
      ;;
    half)
      printf '{"action":"status","resp'
      exit 0
      ;;
    closed)
      exec 1>&-
      exec sleep 600
      ;;
    slow)
      sleep 0.3
      answer "$1"
      ;;
    wrong) answer "somethingElse" ;;
    checkpoint)
      printf '{"action":"checkpoint","sequenceNumber":"42"}\n'
      read -r reply
      echo "reply: $reply" >&2
      case $reply in
        *'"error":null'*) answer "$1" ;;
        *) answer "refused" ;;
      esac
      ;;
  esac
}

while read -r line; do
  case $line in
    '{"action":"initialize"'*) reach initialize ;;
    '{"action":"processRecords"'*) reach processRecords ;;
    '{"action":"shutdownRequested"'*) reach shutdownRequested ;;
    '{"action":"leaseLost"'*) reach leaseLost ;;
    '{"action":"shardEnded"'*) reach shardEnded ;;
  esac
done
